/** Launches by {@link java.lang.ProcessBuilder}, where the native layer is not available. */
@NullMarked
package org.processmanager.core.internal.launch.jdk;

import org.jspecify.annotations.NullMarked;
