/** The standard streams of a child: output pumps, input feeds, sinks, passed descriptors. */
@NullMarked
package org.processmanager.core.internal.launch.io;

import org.jspecify.annotations.NullMarked;
