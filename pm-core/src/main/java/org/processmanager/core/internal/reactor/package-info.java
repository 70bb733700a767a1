/**
 * The few threads that wait for all exits and pipes: {@link org.processmanager.core.internal.reactor.EventLoop} is one
 * epoll instance with timers and tasks, {@link org.processmanager.core.internal.reactor.EventLoops} says who drives it.
 */
@NullMarked
package org.processmanager.core.internal.reactor;

import org.jspecify.annotations.NullMarked;
