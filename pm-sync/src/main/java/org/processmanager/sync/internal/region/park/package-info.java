/** Sleeping on words of a region and waking the sleepers. */
@NullMarked
package org.processmanager.sync.internal.region.park;

import org.jspecify.annotations.NullMarked;
