/** Messages through a ring buffer in shared memory. */
@NullMarked
package org.processmanager.ipc.internal.mapped;

import org.jspecify.annotations.NullMarked;
