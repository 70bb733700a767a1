/**
 * What stands behind the front doors of {@link org.processmanager.core}: checks of arguments, quoting for messages.
 */
@NullMarked
package org.processmanager.core.internal.manager;

import org.jspecify.annotations.NullMarked;
