/**
 * The immutable description of one launch: {@link org.processmanager.core.internal.launch.spec.LaunchSpec} and its
 * parts.
 */
@NullMarked
package org.processmanager.core.internal.launch.spec;

import org.jspecify.annotations.NullMarked;
