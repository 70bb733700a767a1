/**
 * Processes and threads that are started in order, started again after failures, and stopped in reverse order.
 *
 * <p>{@link org.processmanager.core.supervise.Restart} says when one is started again.
 */
@NullMarked
package org.processmanager.core.supervise;

import org.jspecify.annotations.NullMarked;
