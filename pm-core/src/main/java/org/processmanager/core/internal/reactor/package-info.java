/**
 * The few threads that wait for the exits and pipes of all children:
 * {@link org.processmanager.core.internal.reactor.EventLoop} is an epoll instance with timers and tasks,
 * {@link org.processmanager.core.internal.reactor.EventLoops} assigns the threads that drive it.
 */
@NullMarked
package org.processmanager.core.internal.reactor;

import org.jspecify.annotations.NullMarked;
