/** The barrier: layout, algorithm, repair. */
@NullMarked
package org.processmanager.sync.internal.barrier;

import org.jspecify.annotations.NullMarked;
