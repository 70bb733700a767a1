/**
 * Shared files, for this module and for pm-ipc.
 *
 * <p>A {@link org.processmanager.sync.internal.region.Region} is a mapped file with a header, a table of
 * {@link org.processmanager.sync.internal.region.Participants participants}, a
 * {@link org.processmanager.sync.internal.region.object.ObjectDirectory directory} of named objects, and room for them. Offsets are
 * defined in the {@code ...Layout} classes only. A participant is alive while it holds its
 * {@link org.processmanager.sync.internal.region.lock.LockBytes lock byte} beyond the end of the file, which the kernel
 * releases when a process dies. {@link org.processmanager.sync.internal.region.park.Parking} parks threads on words of the region.
 */
@NullMarked
package org.processmanager.sync.internal.region;

import org.jspecify.annotations.NullMarked;
