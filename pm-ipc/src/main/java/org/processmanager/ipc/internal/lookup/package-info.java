/** Finds the transports. */
@NullMarked
package org.processmanager.ipc.internal.lookup;

import org.jspecify.annotations.NullMarked;
