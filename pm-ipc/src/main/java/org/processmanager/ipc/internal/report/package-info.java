/** Ends of channels that report their messages as events. */
@NullMarked
package org.processmanager.ipc.internal.report;

import org.jspecify.annotations.NullMarked;
