/** The event: layout, state, inspection. */
@NullMarked
package org.processmanager.sync.internal.event;

import org.jspecify.annotations.NullMarked;
