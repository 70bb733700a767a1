/** How a process reports that it is ready, or how that is found out. */
@NullMarked
package org.processmanager.core.internal.ready;

import org.jspecify.annotations.NullMarked;
