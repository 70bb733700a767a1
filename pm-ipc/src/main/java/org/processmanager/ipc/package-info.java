/**
 * Messages between processes: a sender, a receiver, and a transport between them that the endpoint's scheme picks.
 *
 * <p>Begin at {@link org.processmanager.ipc.Ipc}. What sending and receiving promise is at
 * {@link org.processmanager.ipc.MessageSender} and {@link org.processmanager.ipc.MessageReceiver}; a transport of one's own
 * is a {@link org.processmanager.ipc.Transport}.
 */
@NullMarked
package org.processmanager.ipc;

import org.jspecify.annotations.NullMarked;
