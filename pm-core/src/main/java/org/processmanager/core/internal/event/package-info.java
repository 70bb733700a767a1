/** Delivery of events to their listeners. */
@NullMarked
package org.processmanager.core.internal.event;

import org.jspecify.annotations.NullMarked;
