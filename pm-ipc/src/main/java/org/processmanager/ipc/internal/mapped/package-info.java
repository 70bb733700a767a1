/** Messages through a ring in shared memory. */
@NullMarked
package org.processmanager.ipc.internal.mapped;

import org.jspecify.annotations.NullMarked;
