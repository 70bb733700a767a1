/** Conditions of a mutex: layout, algorithm, repair. */
@NullMarked
package org.processmanager.sync.internal.condition;

import org.jspecify.annotations.NullMarked;
