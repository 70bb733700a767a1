/**
 * Launches by {@code posix_spawn}; the life of a child is in {@link
 * org.processmanager.core.internal.launch.posix.ChildLifecycle}.
 */
@NullMarked
package org.processmanager.core.internal.launch.posix;

import org.jspecify.annotations.NullMarked;
