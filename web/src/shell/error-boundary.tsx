import { Component, type ReactNode } from 'react';

/** Shows something else in the place of children that threw. A change of `resetKey` is another try. */
export class ErrorBoundary extends Component<{ fallback: ReactNode; resetKey?: string; children: ReactNode }, { isBroken: boolean; resetKey: string | undefined }> {
  override state = { isBroken: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(): { isBroken: true } {
    return { isBroken: true };
  }

  static getDerivedStateFromProps(props: { resetKey?: string }, state: { resetKey: string | undefined }): { isBroken: false; resetKey: string | undefined } | null {
    return props.resetKey === state.resetKey ? null : { isBroken: false, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    return this.state.isBroken ? this.props.fallback : this.props.children;
  }
}
