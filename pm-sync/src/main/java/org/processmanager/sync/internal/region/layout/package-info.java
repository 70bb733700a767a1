/**
 * Layouts of the parts of a region: header, participant slots, object directory. No offset is written elsewhere.
 */
@NullMarked
package org.processmanager.sync.internal.region.layout;

import org.jspecify.annotations.NullMarked;
