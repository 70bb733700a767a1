/** Delivery of events to their listeners. */
package org.processmanager.core.internal.event;
