/**
 * Destinations of the output of a process, independent of the way it is read:
 * {@link org.processmanager.core.internal.stream.Sink} and its implementations.
 */
@NullMarked
package org.processmanager.core.internal.stream;

import org.jspecify.annotations.NullMarked;
