/**
 * The one mechanism of shared files, for this module and for pm-ipc.
 *
 * <p>A {@link org.processmanager.sync.internal.region.Region} is a mapped file with a header, a table of
 * {@link org.processmanager.sync.internal.region.Participants participants}, a
 * {@link org.processmanager.sync.internal.region.object.ObjectDirectory directory} of named objects, and room for them. Layouts stand in
 * the {@code ...Descriptor} classes and nowhere else. Whether a participant lives is told by
 * {@link org.processmanager.sync.internal.region.lock.LockBytes locks on bytes} beyond the end of the file, which the kernel
 * drops when a process dies. {@link org.processmanager.sync.internal.region.park.Parking} sleeps on words of the region.
 */
@NullMarked
package org.processmanager.sync.internal.region;

import org.jspecify.annotations.NullMarked;
