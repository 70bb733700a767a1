/** Placeholder. */
@NullMarked
package org.processmanager.sync;

import org.jspecify.annotations.NullMarked;
