/** Waiting on words of a region: local queue, wake words. */
@NullMarked
package org.processmanager.sync.internal.wait;

import org.jspecify.annotations.NullMarked;
