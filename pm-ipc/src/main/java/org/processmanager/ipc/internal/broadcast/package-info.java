/** Messages from one sender to many receivers, each of which receives all. */
@NullMarked
package org.processmanager.ipc.internal.broadcast;

import org.jspecify.annotations.NullMarked;
