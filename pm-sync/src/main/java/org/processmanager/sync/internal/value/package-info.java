/** Values and arrays: layouts, access, inspection. */
@NullMarked
package org.processmanager.sync.internal.value;

import org.jspecify.annotations.NullMarked;
