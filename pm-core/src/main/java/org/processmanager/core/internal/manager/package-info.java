/**
 * Helpers of {@link org.processmanager.core}: checks of arguments, quoting for messages, choice of the launcher.
 */
@NullMarked
package org.processmanager.core.internal.manager;

import org.jspecify.annotations.NullMarked;
