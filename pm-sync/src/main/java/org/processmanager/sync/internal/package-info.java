/** The algorithms behind the front doors of {@link org.processmanager.sync}, and the layouts of their objects. */
@NullMarked
package org.processmanager.sync.internal;

import org.jspecify.annotations.NullMarked;
