/**
 * Messages between processes: a sender, a receiver, and a transport between them that the endpoint's scheme selects.
 *
 * <p>Start at {@link org.processmanager.ipc.Ipc}. {@link org.processmanager.ipc.MessageSender} and
 * {@link org.processmanager.ipc.MessageReceiver} state the guarantees; {@link org.processmanager.ipc.Transport} is the
 * service interface for transports of your own.
 *
 * <pre>{@code
 * try (MessageReceiver jobs = Ipc.receiver("mapped:jobs?senders=8")) {
 *     jobs.forEach(Codec.utf8(), job -> handle(job));    // returns when the last sender has closed
 * }
 * // in other programs
 * try (MessageSender jobs = Ipc.sender("mapped:jobs")) {
 *     jobs.send("resize 17.png", Codec.utf8());
 * }
 * }</pre>
 *
 * <h2>What to use when</h2>
 *
 * <ul>
 *   <li>The shortest way from one process to another: {@code mapped:}; from many to one: {@code mapped:} with {@code senders}.
 *   <li>Each message to all: {@code mode=broadcast}. Each message to one of several: {@code mode=queue}.
 *   <li>Clients that come and go, without the native layer: {@code unix:}.
 *   <li>Programs that are no JVM: {@code fifo:}, or {@code pipe:} for a child, whose bytes any program can read and write.
 *   <li>A channel between a process and its child, without a name: {@link org.processmanager.ipc.Ipc#pair(java.lang.String)}.
 *   <li>Requests that are answered: {@link org.processmanager.ipc.Requester} and {@link org.processmanager.ipc.Replier}.
 *   <li>Messages that must survive the death of the receiver that handles them:
 *       {@link org.processmanager.ipc.Delivery#AT_LEAST_ONCE}.
 *   <li>A channel that stands still: {@link org.processmanager.ipc.Ipc#inspect(java.lang.String)}.
 * </ul>
 *
 * <p>The conventions of all modules, stated at {@link org.processmanager.core}, mean here:
 *
 * <p><b>Absent values.</b> A message or a claim that an attempt did not get is {@code null}, marked {@code @Nullable}. The
 * outcome of a send that may give up is a {@link org.processmanager.ipc.SendStatus}, and its methods are marked
 * {@link org.processmanager.core.CheckReturnValue}: unless it is {@code SENT}, the caller still has the message.
 *
 * <p><b>Errors.</b> {@link java.lang.IllegalArgumentException} reports a wrong argument or endpoint,
 * {@link java.lang.IllegalStateException} a closed handle or a forbidden concurrent call. All other failures of a channel are a
 * {@link org.processmanager.ipc.ChannelException}, with a direct subclass for each case in which a caller acts differently.
 *
 * <p><b>State.</b> {@code snapshot()} returns the state of a channel at one moment.
 */
@NullMarked
package org.processmanager.ipc;

import org.jspecify.annotations.NullMarked;
