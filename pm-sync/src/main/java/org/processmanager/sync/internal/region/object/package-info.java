/** The named objects of a region: directory, types, and their handlers. */
@NullMarked
package org.processmanager.sync.internal.region.object;

import org.jspecify.annotations.NullMarked;
