/**
 * Messages between processes: a sender, a receiver, and a transport between them that the endpoint's scheme selects.
 *
 * <p>Start at {@link org.processmanager.ipc.Ipc}. {@link org.processmanager.ipc.MessageSender} and
 * {@link org.processmanager.ipc.MessageReceiver} state the guarantees; {@link org.processmanager.ipc.Transport} is the
 * service interface for transports of your own.
 *
 * <p><b>Absence.</b> A message, claim or peer that is absent is {@code null}, marked {@code @Nullable}. An operation that may
 * give up returns an enum that says why. {@code Optional} is not used.
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
