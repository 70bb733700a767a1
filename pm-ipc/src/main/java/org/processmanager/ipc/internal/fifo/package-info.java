/** Messages through a named pipe. */
@NullMarked
package org.processmanager.ipc.internal.fifo;

import org.jspecify.annotations.NullMarked;
