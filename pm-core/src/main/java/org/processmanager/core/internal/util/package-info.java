/** Small helpers for threads, waits, time and logging, for all modules of this project. */
@NullMarked
package org.processmanager.core.internal.util;

import org.jspecify.annotations.NullMarked;
