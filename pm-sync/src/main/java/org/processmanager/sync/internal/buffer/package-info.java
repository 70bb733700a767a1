/** The bounded buffer of many producers and consumers: algorithm, layout, repair. */
@NullMarked
package org.processmanager.sync.internal.buffer;

import org.jspecify.annotations.NullMarked;
