/** Locks on bytes of a region file, which the kernel releases when a process dies: the proof of death. */
@NullMarked
package org.processmanager.sync.internal.region.lock;

import org.jspecify.annotations.NullMarked;
