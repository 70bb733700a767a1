/** What the transports of this module share. */
@NullMarked
package org.processmanager.ipc.internal;

import org.jspecify.annotations.NullMarked;
