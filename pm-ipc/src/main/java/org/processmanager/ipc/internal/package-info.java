/** What the transports of this library share. */
@NullMarked
package org.processmanager.ipc.internal;

import org.jspecify.annotations.NullMarked;
