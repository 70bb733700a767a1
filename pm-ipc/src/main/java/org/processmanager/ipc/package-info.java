/** Placeholder. */
@NullMarked
package org.processmanager.ipc;

import org.jspecify.annotations.NullMarked;
