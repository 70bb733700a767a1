/** Messages as frames in a stream of bytes: the format, its writing, and the reassembly, common to pipes and sockets. */
@NullMarked
package org.processmanager.ipc.internal.stream;

import org.jspecify.annotations.NullMarked;
