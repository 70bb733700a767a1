/** The robust mutex: algorithm, layout, repair. */
@NullMarked
package org.processmanager.sync.internal.mutex;

import org.jspecify.annotations.NullMarked;
