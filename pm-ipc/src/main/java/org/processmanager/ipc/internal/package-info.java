/** Common parts of the transports of this module. */
@NullMarked
package org.processmanager.ipc.internal;

import org.jspecify.annotations.NullMarked;
