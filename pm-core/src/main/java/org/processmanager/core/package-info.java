/** Placeholder. */
@NullMarked
package org.processmanager.core;

import org.jspecify.annotations.NullMarked;
