/** The counting and the leased semaphore: algorithms, layouts, repair. */
@NullMarked
package org.processmanager.sync.internal.semaphore;

import org.jspecify.annotations.NullMarked;
