/** Messages through Unix domain sockets. */
@NullMarked
package org.processmanager.ipc.internal.unix;

import org.jspecify.annotations.NullMarked;
