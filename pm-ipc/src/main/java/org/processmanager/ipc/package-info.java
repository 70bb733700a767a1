/**
 * Messages between processes: a sender, a receiver, and a transport between them that the endpoint's scheme selects.
 *
 * <p>Start at {@link org.processmanager.ipc.Ipc}. {@link org.processmanager.ipc.MessageSender} and
 * {@link org.processmanager.ipc.MessageReceiver} state the guarantees; {@link org.processmanager.ipc.Transport} is the
 * service interface for transports of your own.
 *
 * <p>The conventions of all modules, stated at {@link org.processmanager.core}, mean here:
 *
 * <p><b>Nothing.</b> A message or a claim that an attempt did not get is {@code null}, marked {@code @Nullable}. The outcome of a
 * send that may give up is a {@link org.processmanager.ipc.SendStatus}, and its methods are marked
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
