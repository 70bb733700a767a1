/** The object types of {@link org.processmanager.sync}; their algorithms and layouts are in the subpackages. */
@NullMarked
package org.processmanager.sync.internal;

import org.jspecify.annotations.NullMarked;
