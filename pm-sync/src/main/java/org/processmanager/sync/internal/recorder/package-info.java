/** Events for the JDK's flight recorder. */
@NullMarked
package org.processmanager.sync.internal.recorder;

import org.jspecify.annotations.NullMarked;
