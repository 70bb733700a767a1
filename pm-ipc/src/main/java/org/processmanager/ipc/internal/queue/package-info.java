/** Messages from many senders to many receivers, each to one of them. */
@NullMarked
package org.processmanager.ipc.internal.queue;

import org.jspecify.annotations.NullMarked;
