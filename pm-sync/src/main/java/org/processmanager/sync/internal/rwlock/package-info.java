/** The read-write lock: layout, algorithm, repair. */
@NullMarked
package org.processmanager.sync.internal.rwlock;

import org.jspecify.annotations.NullMarked;
