/** Latches with and without owners: layouts, algorithms, repair. */
@NullMarked
package org.processmanager.sync.internal.latch;

import org.jspecify.annotations.NullMarked;
